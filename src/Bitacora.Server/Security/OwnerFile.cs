namespace Bitacora.Server.Security;

/// <summary>Files that only the user of the server may read.</summary>
internal static class OwnerFile
{
    /// <summary>Writes a file anew; readers see the old one or the new one, never half of it.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // What a killed process left there may have another mode.
        File.Delete(path + ".tmp");
        using (var stream = new FileStream(path + ".tmp", options))
        {
            stream.Write(content);
        }

        File.Move(path + ".tmp", path, overwrite: true);
    }
}
