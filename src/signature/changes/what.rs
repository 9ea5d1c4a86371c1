//! The kinds of changes: what signing adds, and everything else.

use lopdf::ObjectId;
use schemars::JsonSchema;
use serde::Serialize;

/// What a revision may add without changing what was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(
    description = "签署所允许的追加：signature_field（空的签名域）、signature（签名）、timestamp（时间戳）、validation_data（验证数据）、metadata（修改日期等元数据）"
)]
pub enum Addition {
    /// A field to sign in.
    SignatureField,
    /// A signature.
    Signature,
    /// A time stamp of the document.
    Timestamp,
    /// Certificates, revocation lists and the like.
    ValidationData,
    /// When and by which program the file was written.
    Metadata,
}

/// A change that signing does not make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(description = "签署所不允许的改动")]
pub struct Change {
    /// The revision that makes it, counted from 1.
    #[schemars(description = "作出改动的修订，自1起")]
    pub revision: usize,
    /// The object that it touches, such as `12 0`.
    #[schemars(description = "涉及的对象，如“12 0”")]
    pub object: Option<String>,
    /// The page side that it touches, counted from 1.
    #[schemars(description = "涉及的页，自1起")]
    pub page: Option<usize>,
    /// Its word.
    #[schemars(description = "固定的代码")]
    pub code: String,
    /// A Chinese sentence for staff.
    #[schemars(description = "说明")]
    pub detail: String,
}

/// What a change is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    /// What is drawn on a page, or what it is drawn with.
    PageContent,
    PageAdded,
    PageRemoved,
    /// The order of pages, or what they have in common.
    PageTree,
    /// An entry of a page.
    Page(String),
    /// An annotation that is no signature's, by its kind.
    AnnotationAdded(String),
    AnnotationRemoved,
    AnnotationChanged,
    /// A field that is no signature's.
    FieldAdded,
    FieldRemoved,
    /// What a field holds.
    FieldValue,
    /// An entry of a field.
    Field(String),
    /// An entry of the form.
    Form(String),
    /// A signature that shows itself over much of a page.
    Covering,
    /// Something that a reader would do by itself.
    Action,
    /// An entry of the catalog.
    Catalog(String),
    /// A store of validation data that names something else.
    Store,
    Metadata,
    /// The identity of the file, or another entry of its trailer.
    Trailer(String),
    ObjectRemoved,
    /// Any other object, by its type.
    Object(String),
    /// An object under a number that an older one refers to.
    ObjectFilledIn,
    ObjectUnreadable,
    /// An object with an entry that stands twice.
    EntryTwice,
    SignatureChanged,
    /// A signature allowed no more, and there is more.
    Certified,
    Hybrid,
    TrailingBytes,
    /// What follows does not build on what was there.
    Replaced,
    /// Text on a page beyond that of the filing.
    TextAdded(String),
    PageCount,
}

impl What {
    fn code(&self) -> &'static str {
        match self {
            Self::PageContent => "page_content_changed",
            Self::PageAdded => "page_added",
            Self::PageRemoved => "page_removed",
            Self::PageTree => "page_tree_changed",
            Self::Page(_) => "page_changed",
            Self::AnnotationAdded(_) => "annotation_added",
            Self::AnnotationRemoved => "annotation_removed",
            Self::AnnotationChanged => "annotation_changed",
            Self::FieldAdded => "field_added",
            Self::FieldRemoved => "field_removed",
            Self::FieldValue => "field_value_changed",
            Self::Field(_) => "field_changed",
            Self::Form(_) => "form_changed",
            Self::Covering => "signature_covers_page",
            Self::Action => "action_added",
            Self::Catalog(_) => "catalog_changed",
            Self::Store => "validation_data_malformed",
            Self::Metadata => "metadata_changed",
            Self::Trailer(_) => "trailer_changed",
            Self::ObjectRemoved => "object_removed",
            Self::Object(_) => "object_changed",
            Self::ObjectFilledIn => "object_filled_in",
            Self::ObjectUnreadable => "object_unreadable",
            Self::EntryTwice => "entry_twice",
            Self::SignatureChanged => "signature_changed",
            Self::Certified => "certification_violated",
            Self::Hybrid => "hybrid_cross_references",
            Self::TrailingBytes => "trailing_bytes",
            Self::Replaced => "original_replaced",
            Self::TextAdded(_) => "text_added",
            Self::PageCount => "page_count_differs",
        }
    }

    fn detail(&self) -> String {
        let sentence = match self {
            Self::Page(key) => return format!("页面的“{key}”被改动。"),
            Self::AnnotationAdded(kind) => {
                return format!("页面上增加了批注或其他附着物（{kind}）。");
            }
            Self::Field(key) => return format!("表单域的“{key}”被改动。"),
            Self::Form(key) => return format!("表单的“{key}”被改动。"),
            Self::Catalog(key) => return format!("文件目录的“{key}”被改动。"),
            Self::Trailer(key) => return format!("文件尾部的“{key}”被改动。"),
            Self::Object(kind) if kind.is_empty() => "文件中的一个对象被改动。",
            Self::Object(kind) => return format!("文件中的一个对象（{kind}）被改动。"),
            Self::TextAdded(text) => return format!("页面上另有文字：“{text}”。"),
            Self::PageContent => "页面内容被改动。",
            Self::PageAdded => "增加了页面。",
            Self::PageRemoved => "删除了页面。",
            Self::PageTree => "页面的次序或共同属性被改动。",
            Self::AnnotationRemoved => "页面上原有的批注或签名被移除。",
            Self::AnnotationChanged => "页面上原有的批注或签名的外观被改动。",
            Self::FieldAdded => "增加了签名域以外的表单域。",
            Self::FieldRemoved => "删除了表单域。",
            Self::FieldValue => "表单域的内容被改动。",
            Self::Covering => "签名的外观遮盖了页面的很大一部分。",
            Self::Action => "增加了打开或点击时自动执行的动作或脚本。",
            Self::Store => "验证数据中混有其他对象。",
            Self::Metadata => "文件的标题等元数据被改动。",
            Self::ObjectRemoved => "删除了文件中的一个对象。",
            Self::ObjectFilledIn => "补入了原文件中空缺的对象。",
            Self::ObjectUnreadable => "追加的一个对象无法读取，不同阅读器看到的可能不同。",
            Self::EntryTwice => "追加的一个对象中有重复的项，不同阅读器看到的可能不同。",
            Self::SignatureChanged => "原有的签名被改动。",
            Self::Certified => "此前的认证签名不允许再作此改动。",
            Self::Hybrid => "追加部分采用混合的交叉引用，不同阅读器看到的可能不同。",
            Self::TrailingBytes => "文件末尾之后还有其他内容。",
            Self::Replaced => "追加的部分没有以原件为基础，原件的内容已被整体替换。",
            Self::PageCount => "页数与原件不同。",
        };
        sentence.to_owned()
    }

    /// The change in a revision, counted from 0, at an object and on a page.
    pub(crate) fn at(
        &self,
        revision: usize,
        object: Option<ObjectId>,
        page: Option<usize>,
    ) -> Change {
        Change {
            revision: revision + 1,
            object: object.map(|(number, generation)| format!("{number} {generation}")),
            page,
            code: self.code().to_owned(),
            detail: self.detail(),
        }
    }
}
