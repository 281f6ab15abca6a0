using Bitacora.Cli.Showing;

namespace Bitacora.Cli.Ingesting;

/// <summary>
/// The inputs of a command in the order in which they are read: directories become the files in them, and of a log that was rotated the
/// oldest file comes first.
/// </summary>
internal static class InputList
{
    private static readonly EnumerationOptions Flat = new()
    {
        IgnoreInaccessible = false,

        // A link leads to a file that is here as well, or to one that nobody named, or round in a circle.
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    public static IReadOnlyList<string> Of(IEnumerable<string> paths, Screen screen)
    {
        var files = paths.SelectMany(path => FilesOf(path, screen)).Distinct(StringComparer.Ordinal).ToList();
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        var parsed = files.Select(file => file == InputFile.StandardInput ? new FileStem(file, file, 0) : FileStem.Parse(file)).ToList();
        for (var i = 0; i < parsed.Count; i++)
        {
            first.TryAdd(parsed[i].Path, i);
        }

        return
        [
            .. Enumerable.Range(0, files.Count).OrderBy(i => first[parsed[i].Path]).ThenByDescending(i => parsed[i].Age)
                .Select(i => files[i]),
        ];
    }

    private static List<string> FilesOf(string path, Screen screen)
    {
        if (path == InputFile.StandardInput || !Directory.Exists(path))
        {
            return [path];
        }

        var files = new List<string>();
        var directories = new Stack<string>([path]);
        while (directories.TryPop(out var directory))
        {
            try
            {
                // What has no length is empty, or a pipe or socket, which nobody who names a directory wants to wait for.
                files.AddRange(new DirectoryInfo(directory).EnumerateFiles("*", Flat).Where(file => file.Length > 0)
                    .Select(file => Path.Combine(directory, file.Name)));
                foreach (var inner in Directory.EnumerateDirectories(directory, "*", Flat))
                {
                    directories.Push(inner);
                }
            }
            catch (Exception e) when (e is UnauthorizedAccessException or IOException)
            {
                screen.Note($"{directory} cannot be read and is left out: {e.Message}");
            }
        }

        files.Sort(StringComparer.Ordinal);
        return files;
    }
}
