namespace Bitacora.Ingestion;

/// <summary>What a line is in a format.</summary>
public enum LineRole
{
    /// <summary>Nothing of this format: a record of its own, of another format that knows it, or plain.</summary>
    Foreign,

    /// <summary>The format's shape is in it (a time, a level, a bracket where it belongs): a record begins.</summary>
    Start,

    /// <summary>It goes on with the record before; no other format is asked.</summary>
    Continuation,

    /// <summary>
    /// It goes on with the open record of its key, wherever that began, or, without a key, with the record before; where there is none it
    /// begins one.
    /// </summary>
    Part,

    /// <summary>
    /// Text that the format allows behind a record's first line, such as an exception at column 0: it goes on with the record before, if
    /// there is one and no other format begins a record with it.
    /// </summary>
    Text,
}
