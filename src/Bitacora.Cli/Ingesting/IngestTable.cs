using Bitacora.Cli.Showing;

namespace Bitacora.Cli.Ingesting;

/// <summary>What became of every line, a row a file and one of all.</summary>
internal static class IngestTable
{
    /// <summary>Of more files only the sum is told.</summary>
    private const int MostFiles = 25;

    public static void Write(Screen screen, IReadOnlyList<IngestedFile> files)
    {
        if (files.Count == 0)
        {
            return;
        }

        var table = new TextTable(
            ["file", "format", "lines", "records", "joined", "empty", "not stored", "parse errors", "bytes"],
            [false, false, true, true, true, true, true, true, true]);
        if (files.Count is > 1 and <= MostFiles)
        {
            foreach (var file in files)
            {
                table.Add(Row(Path.GetFileName(file.Name), file.Format, [file]));
            }
        }

        var formats = files.Select(file => file.Format).Distinct().ToList();
        table.Add(Row(
            files is [var only] ? Path.GetFileName(only.Name) : $"{Numbers.Count(files.Count)} files",
            formats is [var format] ? format : "",
            files));
        table.Write(screen.Error, screen.ErrorColours, screen.Width);
    }

    private static string[] Row(string name, string format, IReadOnlyList<IngestedFile> files) =>
    [
        SafeText.Escape(name),
        format,
        Numbers.Count(files.Sum(file => file.Lines)),
        Numbers.Count(files.Sum(file => file.Records)),
        Numbers.Count(files.Sum(file => file.Joined)),
        Numbers.Count(files.Sum(file => file.Empty)),

        // Empty where no file is damaged: then the table has no such column.
        files.Sum(file => file.NotStored) is var left and > 0 ? Numbers.Count(left) : "",
        Numbers.Count(files.Sum(file => file.ParseErrors)),
        Numbers.Size(files.Sum(file => file.Bytes)),
    ];
}
