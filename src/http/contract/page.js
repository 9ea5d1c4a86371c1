// Shows the contract with Swagger UI. Its texts are English; the visible ones are translated into
// Chinese as they appear.
"use strict";

const WORDS = new Map([
  ["Authorize", "授权"], ["Available authorizations", "可用的授权方式"], ["Logout", "取消授权"],
  ["Close", "关闭"], ["Cancel", "取消"], ["Clear", "清空"], ["Reset", "还原"], ["Execute", "发送"],
  ["Try it out", "试用"], ["Try it out ", "试用"], ["Parameters", "参数"], ["Name", "名称"], ["Description", "说明"],
  ["Responses", "回复"], ["Response", "回复"], ["Request body", "提交内容"], ["Code", "状态码"], ["Details", "详情"],
  ["Links", "链接"], ["No links", "无"], ["No parameters", "无参数"], ["Media type", "内容类型"],
  ["Example Value", "示例"], ["Schema", "结构"], ["Schemas", "各类结构"], ["Examples", "示例"], ["Examples: ", "示例："],
  ["Headers:", "标头："], ["Type", "类型"], ["required", "必填"], ["Controls ", "对应标头"], ["Accept", "Accept"],
  [" header.", "。"], ["Expand all", "全部展开"], ["Collapse all", "全部收起"], ["Loading...", "正在载入……"],
  ["Server response", "服务器的回复"], ["Response body", "回复内容"], ["Response headers", "回复标头"],
  ["Request URL", "请求地址"], ["Download", "下载"], ["Value:", "密钥："], ["Enum", "可用的值"],
]);

function translate(node) {
  const word = WORDS.get(node.nodeValue) ?? WORDS.get(node.nodeValue.trim());
  if (word !== undefined && word !== node.nodeValue) node.nodeValue = word;
}

function translateAll(root) {
  if (root.nodeType === Node.TEXT_NODE) return translate(root);
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    if (!texts.currentNode.parentElement.closest("pre, code, textarea, .markdown")) translate(texts.currentNode);
  }
}

const page = document.getElementById("page");
new MutationObserver((changes) => {
  for (const change of changes) {
    if (change.type === "characterData") translateAll(change.target);
    change.addedNodes.forEach(translateAll);
  }
}).observe(page, { childList: true, characterData: true, subtree: true });

SwaggerUIBundle({
  url: "/openapi.json",
  domNode: page,
  deepLinking: true,
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
  presets: [SwaggerUIBundle.presets.apis],
});
