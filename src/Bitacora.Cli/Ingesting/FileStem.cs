using System.Globalization;

namespace Bitacora.Cli.Ingesting;

/// <summary>
/// A log file's name, taken apart: <c>app.log.2.gz</c> is the second rotation of <c>app.log</c>, whose stem is <c>app</c>.
/// </summary>
/// <param name="Path">The file that is written to, with its directory.</param>
/// <param name="Stem">Its name without its ending and without a date in it: the source of its records.</param>
/// <param name="Age">
/// How long ago it was rotated, to compare files of one path: 0 for the file that is written to, more for older ones.
/// </param>
internal sealed record FileStem(string Path, string Stem, long Age)
{
    /// <summary>The source of a file's records.</summary>
    public static string Of(string path) => Parse(path).Stem;

    public static FileStem Parse(string path)
    {
        var directory = System.IO.Path.GetDirectoryName(path) ?? "";
        var name = WithoutEnding(System.IO.Path.GetFileName(path), ending => ending is "gz" or "zst" or "zstd", out _);
        var age = 0L;
        name = WithoutEnding(name, IsRotation, out var rotation);
        if (rotation.Length > 0)
        {
            age = long.Parse(rotation, CultureInfo.InvariantCulture) + 1;
        }

        name = WithoutDate(name, ref age);
        var written = System.IO.Path.Combine(directory, name);
        var stem = WithoutDate(WithoutEnding(name, static _ => true, out var ending), ref age);
        return age > 0 && ending.Length > 0 ? new FileStem(System.IO.Path.Combine(directory, stem + "." + ending), stem, age)
            : new FileStem(written, stem, age);
    }

    private static bool IsRotation(string ending) => ending.Length <= 5 && ending.All(char.IsAsciiDigit);

    private static string WithoutEnding(string name, Func<string, bool> isOne, out string ending)
    {
        var point = name.LastIndexOf('.');
        ending = point > 0 ? name[(point + 1)..] : "";
        if (ending.Length > 0 && isOne(ending))
        {
            return name[..point];
        }

        ending = "";
        return name;
    }

    /// <summary>Takes off <c>-20240501</c>, <c>.2024-05-01</c>, <c>_2024-05-01</c> at the end; a later date is a smaller age.</summary>
    private static string WithoutDate(string name, ref long age)
    {
        foreach (var (format, length) in (ReadOnlySpan<(string, int)>)[("yyyy-MM-dd", 10), ("yyyyMMdd", 8)])
        {
            if (name.Length > length + 1 && name[^(length + 1)] is '-' or '.' or '_'
                && DateOnly.TryParseExact(name.AsSpan(name.Length - length), format, CultureInfo.InvariantCulture, DateTimeStyles.None,
                    out var date))
            {
                // Beyond every number of a rotation.
                age = 1_000_000 + DateOnly.MaxValue.DayNumber - date.DayNumber;
                return name[..^(length + 1)];
            }
        }

        return name;
    }
}
