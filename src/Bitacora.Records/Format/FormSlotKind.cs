namespace Bitacora.Records.Format;

/// <summary>How the value of a form's slot is encoded.</summary>
internal enum FormSlotKind : byte
{
    /// <summary>A length of two bytes and the text, which is not empty.</summary>
    ShortText,

    /// <summary>A length of four bytes and the text.</summary>
    Text,

    /// <summary>Eight bytes.</summary>
    Integer,

    /// <summary>Eight bytes.</summary>
    Real,
}
