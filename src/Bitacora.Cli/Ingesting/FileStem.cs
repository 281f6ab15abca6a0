namespace Bitacora.Cli.Ingesting;

/// <summary>The source of a file's records: its name without what compression, rotation and format put behind it.</summary>
internal static class FileStem
{
    public static string Of(string path)
    {
        var name = Path.GetFileName(path);
        foreach (var part in (ReadOnlySpan<Func<string, bool>>)[IsCompression, IsRotation, static _ => true])
        {
            var ending = Path.GetExtension(name);
            if (ending.Length > 1 && ending.Length < name.Length && part(ending[1..]))
            {
                name = Path.GetFileNameWithoutExtension(name);
            }
        }

        return name;
    }

    private static bool IsCompression(string ending) => ending is "gz" or "zst" or "zstd";

    private static bool IsRotation(string ending) => ending.All(char.IsAsciiDigit);
}
