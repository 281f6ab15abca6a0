namespace Bitacora.Ingestion;

/// <summary>A log format that can be read. All of them stand in <see cref="LogFormats"/>.</summary>
/// <param name="Id">Its name on the command line.</param>
/// <param name="Description">What writes it, in a few words.</param>
/// <param name="Example">A line of it.</param>
/// <param name="Create">Makes a decoder for one input.</param>
public sealed record LogFormat(string Id, string Description, string Example, Func<FormatContext, IFormatDecoder> Create)
{
    /// <summary>
    /// Which of two formats a line is that both know: the one with the higher number. Two with the same number know no line in common, or
    /// such lines are plain. Default 50: a format with a time in every line. JSON objects that only one program writes so: 60.
    /// Formats without a time: 20.
    /// </summary>
    public int Specificity { get; init; } = 50;

    /// <summary>Whether no record ever has a second line. Then lines are decoded where they lie.</summary>
    public bool IsSingleLine { get; init; }

    /// <summary>
    /// Whether single lines of this format are known in files of other formats. False for a shape that a sentence may have too.
    /// </summary>
    public bool IsKnownAmongOthers { get; init; } = true;
}
