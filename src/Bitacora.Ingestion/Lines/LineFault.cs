namespace Bitacora.Ingestion.Lines;

/// <summary>What can be wrong with a line.</summary>
internal enum LineFault : byte
{
    None,
    NotAnObject,
    EndsEarly,
    NameExpected,
    ColonExpected,
    CommaExpected,
    ValueExpected,
    BadEscape,
    BadNumber,
    TooDeep,
    TrailingText,
    TooLong,
    NoEvents,
    NoStart,
    QuoteOpen,
    NumberExpected,
    HeadEndsEarly,
    BadElement,
    BadField,
    NotPairs,
    BadColumns,
    TimeExpected,
}
