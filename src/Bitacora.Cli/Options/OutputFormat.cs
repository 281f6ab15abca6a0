namespace Bitacora.Cli.Options;

/// <summary>How data is written to standard output.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Pretty,

    /// <summary>A JSON object a line.</summary>
    Json,

    /// <summary>For spreadsheets.</summary>
    Csv,
}
