import "./style.css";
import { html, render } from "lit/html.js";

render(html`<main>Phiếu kiểm tra</main>`, document.getElementById("app") ?? document.body);
