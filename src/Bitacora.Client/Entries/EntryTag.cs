namespace Bitacora.Client.Entries;

/// <summary>
/// What an entry consists of, behind its head: version (1 byte), level (1), time (8, units of 100 ns since 1970). All numbers are
/// little-endian, texts are UTF-8 behind a length of four bytes. The numbers are part of the format: entries lie in queue files.
/// </summary>
internal enum EntryTag : byte
{
    /// <summary>A text.</summary>
    Category = 1,

    /// <summary>An integer of 4 bytes and the event's name.</summary>
    Event = 2,

    /// <summary>A <see cref="TemplateStyle"/> and the text.</summary>
    Template = 3,

    /// <summary>The text.</summary>
    Message = 4,

    /// <summary>The value of the template's next hole.</summary>
    Value = 5,

    /// <summary>A name and its value.</summary>
    NamedValue = 6,

    /// <summary>Nothing: the values that follow were added by enrichers.</summary>
    Enrichment = 7,

    /// <summary>Nothing: the values that follow are those of the next scope, outermost first.</summary>
    Scope = 8,

    /// <summary>The text of a scope that has no values.</summary>
    ScopeText = 9,

    /// <summary>The trace's id and the span's.</summary>
    Trace = 10,

    /// <summary>Type, message and number (4 bytes) of the exception.</summary>
    Exception = 11,

    /// <summary>Nothing: something did not fit.</summary>
    Truncated = 12,

    /// <summary>What could not be read at the call, and why.</summary>
    Fault = 13,

    /// <summary>The exception as text, where no more is known of it.</summary>
    Traceback = 14,
}
