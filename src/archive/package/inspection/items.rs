//! The items of DA/T 70-2018 and their results. What was not looked at is never 通过.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

/// The result of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(description = "检测结果：通过、不通过或未检测；没有看过的一律为未检测")]
pub enum ItemResult {
    /// 通过.
    #[serde(rename = "通过")]
    Passed,
    /// 不通过.
    #[serde(rename = "不通过")]
    Failed,
    /// 未检测.
    #[serde(rename = "未检测")]
    NotChecked,
}

impl ItemResult {
    /// Its Chinese name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Passed => "通过",
            Self::Failed => "不通过",
            Self::NotChecked => "未检测",
        }
    }
}

/// An item of the standard and its result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "InspectionItem", description = "四性检测（DA/T 70-2018）的一项")]
pub struct Item {
    /// The code.
    #[schemars(description = "编号")]
    pub code: &'static str,
    /// The name.
    #[schemars(description = "名称")]
    pub name: &'static str,
    /// 真实性, 完整性, 可用性 or 安全性.
    #[schemars(description = "类别：真实性、完整性、可用性或安全性")]
    pub property: &'static str,
    /// The result.
    #[schemars(description = "结果")]
    pub result: ItemResult,
    /// What is wrong, why it was not checked, or what was looked at.
    #[schemars(description = "备注：不通过的缘由，未检测的缘由，或看了什么")]
    pub remark: String,
}

/// The codes and names of the items, as far as they are known.
const ITEMS: [(&str, &str); 33] = [
    ("1-1", "固化信息有效性检测"),
    ("1-2", "元数据项数据长度检测"),
    ("1-3", "元数据项数据类型、格式检测"),
    ("1-4", "设定值域的元数据项值域符合度检测"),
    ("1-5", "元数据项数据值合理性检测"),
    ("1-6", "元数据项数据包含特殊字符检测"),
    ("1-7", "档号规范性检测"),
    ("1-8", "元数据项数据重复性检测"),
    ("1-10", "内容数据的电子属性一致性检测"),
    ("1-11", "元数据是否关联内容数据检测"),
    ("1-12", "说明文件和目录文件规范性检测"),
    ("1-13", "信息包目录结构规范性检测"),
    ("1-14", "信息包一致性检测"),
    ("2-1", "总件数相符性检测"),
    ("2-2", "总字节数相符性检测"),
    ("2-3", "元数据项完整性检测"),
    ("2-4", "元数据必填著录项目检测"),
    ("2-5", "过程信息完整性检测"),
    ("2-6", "连续性元数据项检测"),
    ("2-7", "内容数据完整性检测"),
    ("2-8", "附件数据完整性检测"),
    ("2-9", "归档范围检测"),
    ("2-10", "信息包元数据完整性检测"),
    ("2-11", "信息包内容数据完整性检测"),
    ("3-1", "信息包中元数据的可读性检测"),
    ("3-2", "目标数据库中的元数据可访问性检测"),
    ("3-3", "内容数据格式检测"),
    ("3-4", "内容数据的可读性检测"),
    ("3-8", "信息包中包含的内容数据格式合规性检测"),
    ("4-1", "系统环境中是否安装杀毒软件检测"),
    ("4-2", "病毒感染检测"),
    ("4-3", "载体中多余文件检测"),
    ("4-7", "操作过程安全性检测"),
];

/// The results so far. An item that nothing is said about is 未检测.
#[derive(Debug, Default)]
pub(crate) struct Checks(BTreeMap<&'static str, (ItemResult, String)>);

impl Checks {
    /// Items that pass unless a fault is found.
    pub(crate) fn look_at(&mut self, codes: &[&'static str], remark: &str) {
        for code in codes {
            self.0.entry(code).or_insert_with(|| (ItemResult::Passed, remark.to_owned()));
        }
    }

    /// Says why items are not checked, unless a fault is found.
    pub(crate) fn skip(&mut self, codes: &[&'static str], reason: &str) {
        for code in codes {
            let found = self.0.entry(code).or_insert((ItemResult::NotChecked, String::new()));
            if found.0 != ItemResult::Failed {
                *found = (ItemResult::NotChecked, reason.to_owned());
            }
        }
    }

    /// Records a fault. The first one of an item is kept.
    pub(crate) fn fail(&mut self, code: &'static str, fault: &str) {
        let found = self.0.entry(code).or_insert((ItemResult::NotChecked, String::new()));
        if found.0 != ItemResult::Failed {
            *found = (ItemResult::Failed, fault.to_owned());
        }
    }

    /// All items with their results.
    pub(crate) fn items(mut self) -> Vec<Item> {
        let items = ITEMS.into_iter().map(|(code, name)| {
            let property = match code.as_bytes()[0] {
                b'1' => "真实性",
                b'2' => "完整性",
                b'3' => "可用性",
                _ => "安全性",
            };
            let not_checked = || (ItemResult::NotChecked, "本程序未作检测".to_owned());
            let (result, remark) = self.0.remove(code).unwrap_or_else(not_checked);
            Item { code, name, property, result, remark }
        });
        items.collect()
    }
}
