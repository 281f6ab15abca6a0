namespace Bitacora.Cli.Demo;

/// <summary>Where a demo has its data while it lives.</summary>
internal static class DemoDirectory
{
    private const string Prefix = "bitacora-demo-";

    public static DirectoryInfo Create() => Directory.CreateTempSubdirectory(Prefix);

    /// <summary>The directory of the server's data.</summary>
    public static string DataOf(DirectoryInfo directory) => Path.Combine(directory.FullName, "data");

    /// <summary>Deletes the directories of demos that ended without doing so, as one that is killed does.</summary>
    /// <returns>Their paths.</returns>
    public static IReadOnlyList<string> RemoveAbandoned()
    {
        var removed = new List<string>();
        foreach (var directory in new DirectoryInfo(Path.GetTempPath()).EnumerateDirectories(Prefix + "*"))
        {
            if (directory.LinkTarget is null && TryRemove(directory))
            {
                removed.Add(directory.FullName);
            }
        }

        return removed;
    }

    private static bool TryRemove(DirectoryInfo directory)
    {
        var data = DataOf(directory);

        // A demo that is about to start has no store yet; whoever has one locked the directory before, for as long as he lives.
        if (!File.Exists(Path.Combine(data, "store.json")))
        {
            return false;
        }

        try
        {
            using var held = new FileStream(Path.Combine(data, "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            directory.Delete(recursive: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // He lives, or it is somebody else's.
            return false;
        }
    }
}
