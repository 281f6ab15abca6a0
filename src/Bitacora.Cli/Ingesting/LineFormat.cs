namespace Bitacora.Cli.Ingesting;

/// <summary>How the lines of an input are read.</summary>
internal enum LineFormat
{
    /// <summary>Found out from the first line.</summary>
    Auto,

    /// <summary>A JSON object a line, fields under common names.</summary>
    Json,

    /// <summary>Compact log event format: <c>@t</c>, <c>@mt</c>, <c>@l</c>.</summary>
    Clef,
}
