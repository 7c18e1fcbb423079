/** All that a start does not need, as one file. See `later.ts`. */
export { checkTablet } from "./departure";
export { readProgress } from "./opening";
export { capture } from "./photo";
export { recordProblem } from "./record";
export { annotateView } from "./views/annotate";
export { cameraView, leaveCamera } from "./views/camera";
export { campaigns } from "./views/campaigns";
export { disputes } from "./views/dispute";
export { lockView, pinCard, revokedView } from "./views/lock";
export { openView, setupCard } from "./views/open";
export { paperView } from "./views/paper";
export { readyLink, readyView } from "./views/ready";
export { recordsLink, recordsView, recordView } from "./views/record";
export { settings } from "./views/settings";
export { signInView } from "./views/signin";
export { switchPanel } from "./views/switch";
export { syncView } from "./views/sync";
