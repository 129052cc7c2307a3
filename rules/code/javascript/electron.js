const { BrowserWindow, ipcMain, shell } = require("electron");

// ruleid: javascript-electron-node-in-page
const first = new BrowserWindow({ width: 800, webPreferences: { nodeIntegration: true } });
// ruleid: javascript-electron-node-in-page
const second = new BrowserWindow({ webPreferences: { contextIsolation: false } });
// ok: javascript-electron-node-in-page
const third = new BrowserWindow({ width: 800 });
// ok: javascript-electron-node-in-page
const fourth = new BrowserWindow({ webPreferences: { contextIsolation: true, sandbox: true } });

ipcMain.on("open", (event, address) => {
  // ruleid: javascript-electron-open-external
  shell.openExternal(address);
});
first.webContents.on("will-navigate", (event, address) => {
  // ruleid: javascript-electron-open-external
  shell.openExternal(address);
});
ipcMain.on("open-safe", (event, address) => {
  if (new URL(address).protocol === "https:") {
    // ok: javascript-electron-open-external
    shell.openExternal(address);
  }
});
ipcMain.on("help", (event, topic) => {
  // ok: javascript-electron-open-external
  shell.openExternal("https://example.org/help");
});
