namespace Bitacora.Ingestion.JsonLines;

/// <summary>Names that say which library wrote a line.</summary>
[Flags]
internal enum LineMarkers : byte
{
    None = 0,
    Pid = 1,
    Hostname = 2,

    /// <summary>A name of Python's own formatter.</summary>
    Python = 4,

    /// <summary>bunyan's version of its own format.</summary>
    Version = 8,

    /// <summary>The stream that Docker read.</summary>
    Stream = 16,
}
