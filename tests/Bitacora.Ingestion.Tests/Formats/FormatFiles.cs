namespace Bitacora.Ingestion.Tests.Formats;

/// <summary>Expectations and samples: the repository's own, and those of the shared folder beside it, where there is one.</summary>
internal static class FormatFiles
{
    /// <summary>The expectations in the working copy.</summary>
    public static string Expectations { get; } = Find(Path.Combine("tests", "Bitacora.Ingestion.Tests", "Formats", "Expectations"))
        ?? throw new InvalidOperationException("the tests do not run inside of the working copy");

    /// <summary>The path of a sample; null if it is not on this machine.</summary>
    public static string? Sample(string name)
    {
        var own = Path.Combine(Expectations, "..", name);
        return File.Exists(own) ? own : Find(Path.Combine("shared", name));
    }

    /// <summary>All samples on this machine.</summary>
    public static IEnumerable<string> AllSamples() =>
        from folder in (string?[])[Path.Combine(Expectations, "..", "Samples"), Find(Path.Combine("shared", "samples", "formats"))]
        where folder is not null
        from file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)
        select file;

    private static string? Find(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var full = Path.Combine(folder.FullName, path);
            if (Path.Exists(full))
            {
                return full;
            }
        }

        return null;
    }
}
