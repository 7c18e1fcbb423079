/** Tests read the Vietnamese texts from the file, where the tablet fetches them. */
import { use } from ".";
import vietnamese from "./vi.json";

use(vietnamese);
