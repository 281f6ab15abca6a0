namespace Bitacora.Server;

/// <summary>A setting that cannot be used.</summary>
/// <param name="Key">Its key, as <c>ingest:body</c>, or a file's name where the file itself is at fault.</param>
/// <param name="Problem">What was found and what is allowed.</param>
/// <param name="Source">Where the value came from: the file, an environment variable, a flag; empty where it is not known.</param>
public sealed record ConfigurationFault(string Key, string Problem, string Source = "")
{
    /// <summary>Key, source and problem in one line.</summary>
    public override string ToString() => Source.Length == 0 ? $"{Key}: {Problem}" : $"{Key} ({Source}): {Problem}";
}
