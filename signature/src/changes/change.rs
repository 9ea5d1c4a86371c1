//! The kinds of changes a revision can make.

use std::borrow::Cow;

use lopdf::ObjectId;
use schemars::JsonSchema;
use serde::Serialize;

/// An addition that signing permits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[schemars(
    description = "签署所允许的追加：signature_field（空的签名域）、signature（签名）、timestamp（时间戳）、validation_data（验证数据）、metadata（修改日期等元数据）、unused_object（没有被任何内容引用的对象）"
)]
pub enum Addition {
    /// A signature field.
    #[serde(rename = "signature_field")]
    SignatureField,
    /// A signature.
    #[serde(rename = "signature")]
    Signature,
    /// A document time stamp.
    #[serde(rename = "timestamp")]
    Timestamp,
    /// Certificates and revocation information.
    #[serde(rename = "validation_data")]
    ValidationData,
    /// The time and the program of the update.
    #[serde(rename = "metadata")]
    Metadata,
    /// An object that nothing refers to, so no reader shows it.
    #[serde(rename = "unused_object")]
    UnusedObject,
}

impl Addition {
    /// The Chinese name for staff.
    pub fn title(self) -> &'static str {
        match self {
            Self::SignatureField => "空的签名域",
            Self::Signature => "签名",
            Self::Timestamp => "时间戳",
            Self::ValidationData => "验证数据",
            Self::Metadata => "修改日期等元数据",
            Self::UnusedObject => "没有被任何内容引用的对象",
        }
    }
}

/// A change that signing does not permit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(description = "签署所不允许的改动")]
pub struct Change {
    /// The revision that makes the change, from 1.
    #[schemars(description = "作出改动的修订，自1起")]
    pub revision: usize,
    /// The affected object, such as `12 0`.
    #[schemars(description = "涉及的对象，如“12 0”")]
    pub object: Option<String>,
    /// The affected page, from 1.
    #[schemars(description = "涉及的页，自1起")]
    pub page: Option<usize>,
    /// A stable code.
    #[schemars(description = "固定的代码")]
    pub code: String,
    /// A Chinese sentence for staff.
    #[schemars(description = "说明")]
    pub detail: String,
}

/// The kind of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ChangeKind {
    /// The content of a page or its resources.
    PageContent,
    PageAdded,
    PageRemoved,
    /// The order of pages or their inherited attributes.
    PageTree,
    /// An entry of a page.
    Page(String),
    /// An annotation other than a signature's, by its subtype.
    AnnotationAdded(String),
    AnnotationRemoved,
    AnnotationChanged,
    /// A field other than a signature field.
    FieldAdded,
    FieldRemoved,
    /// The value of a field.
    FieldValue,
    /// An entry of a field.
    Field(String),
    /// An entry of the interactive form (`/AcroForm`).
    Form(String),
    /// A signature appearance that covers much of a page.
    SignatureCoversPage,
    /// An action that a reader runs automatically.
    Action,
    /// An entry of the catalog.
    Catalog(String),
    /// A document security store that refers to other objects of the file.
    ValidationDataMalformed,
    Metadata,
    /// The file identifier or another entry of the trailer.
    Trailer(String),
    ObjectRemoved,
    /// Any other object, by its type.
    Object(String),
    /// A new object that resolves an old dangling reference.
    ObjectFilledIn,
    ObjectUnreadable,
    /// An object with a duplicate dictionary entry.
    DuplicateEntry,
    SignatureChanged,
    /// A change that a certification signature forbids.
    CertificationViolated,
    /// A change that the lock of an earlier signature forbids.
    LockViolated,
    TrailingBytes,
    /// The appended revision does not build on the original.
    OriginalReplaced,
    /// Text on a page beyond that of the filing.
    TextAdded(String),
    PageCount,
}

impl ChangeKind {
    /// The code and the sentence of each kind.
    fn row(&self) -> (&'static str, Cow<'static, str>) {
        match self {
            Self::PageContent => ("page_content_changed", "页面内容被改动。".into()),
            Self::PageAdded => ("page_added", "增加了页面。".into()),
            Self::PageRemoved => ("page_removed", "删除了页面。".into()),
            Self::PageTree => ("page_tree_changed", "页面的次序或共同属性被改动。".into()),
            Self::Page(key) => ("page_changed", format!("页面的“{key}”被改动。").into()),
            Self::AnnotationAdded(kind) => {
                ("annotation_added", format!("页面上增加了批注或其他附着物（{kind}）。").into())
            }
            Self::AnnotationRemoved => {
                ("annotation_removed", "页面上原有的批注或签名被移除。".into())
            }
            Self::AnnotationChanged => {
                ("annotation_changed", "页面上原有的批注或签名的外观被改动。".into())
            }
            Self::FieldAdded => ("field_added", "增加了签名域以外的表单域。".into()),
            Self::FieldRemoved => ("field_removed", "删除了表单域。".into()),
            Self::FieldValue => ("field_value_changed", "表单域的内容被改动。".into()),
            Self::Field(key) => ("field_changed", format!("表单域的“{key}”被改动。").into()),
            Self::Form(key) => ("form_changed", format!("表单的“{key}”被改动。").into()),
            Self::SignatureCoversPage => {
                ("signature_covers_page", "签名的外观遮盖了页面的很大一部分。".into())
            }
            Self::Action => ("action_added", "增加了打开或点击时自动执行的动作或脚本。".into()),
            Self::Catalog(key) => ("catalog_changed", format!("文件目录的“{key}”被改动。").into()),
            Self::ValidationDataMalformed => {
                ("validation_data_malformed", "验证数据中混有其他对象。".into())
            }
            Self::Metadata => ("metadata_changed", "文件的标题等元数据被改动。".into()),
            Self::Trailer(key) => ("trailer_changed", format!("文件尾部的“{key}”被改动。").into()),
            Self::ObjectRemoved => ("object_removed", "删除了文件中的一个对象。".into()),
            Self::Object(kind) if kind.is_empty() => {
                ("object_changed", "文件中的一个对象被改动。".into())
            }
            Self::Object(kind) => {
                ("object_changed", format!("文件中的一个对象（{kind}）被改动。").into())
            }
            Self::ObjectFilledIn => ("object_filled_in", "补入了原文件中空缺的对象。".into()),
            Self::ObjectUnreadable => {
                ("object_unreadable", "追加的一个对象无法读取，不同阅读器看到的可能不同。".into())
            }
            Self::DuplicateEntry => {
                ("entry_twice", "追加的一个对象中有重复的项，不同阅读器看到的可能不同。".into())
            }
            Self::SignatureChanged => ("signature_changed", "原有的签名被改动。".into()),
            Self::CertificationViolated => {
                ("certification_violated", "此前的认证签名不允许再作此改动。".into())
            }
            Self::LockViolated => {
                ("lock_violated", "此前的签名锁定了这个域或整个文件，不允许再作此改动。".into())
            }
            Self::TrailingBytes => ("trailing_bytes", "文件末尾之后还有其他内容。".into()),
            Self::OriginalReplaced => {
                ("original_replaced", "追加的部分没有以原件为基础，原件的内容已被整体替换。".into())
            }
            Self::TextAdded(text) => ("text_added", format!("页面上另有文字：“{text}”。").into()),
            Self::PageCount => ("page_count_differs", "页数与原件不同。".into()),
        }
    }

    /// A change of this kind by a revision (its index), with the object and the page (from 1).
    pub(crate) fn at(
        &self,
        revision: usize,
        object: Option<ObjectId>,
        page: Option<usize>,
    ) -> Change {
        let (code, detail) = self.row();
        Change {
            revision: revision + 1,
            object: object.map(|(number, generation)| format!("{number} {generation}")),
            page,
            code: code.to_owned(),
            detail: detail.into_owned(),
        }
    }
}
