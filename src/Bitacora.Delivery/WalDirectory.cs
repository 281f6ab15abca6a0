using System.Diagnostics.CodeAnalysis;
using Bitacora.Delivery.Disk;

namespace Bitacora.Delivery;

/// <summary>Files in a directory of the disk. Safe from any thread.</summary>
[SuppressMessage(
    "Design", "CA1001", Justification = "The directory is held as long as anybody has this; then its handle closes itself.")]
public sealed class WalDirectory : IWalFiles
{
    private readonly string _path;
    private readonly DirectorySync _names;

    /// <summary>Takes a directory, which is made where it is missing.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public WalDirectory(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = Path.GetFullPath(path);
        if (!Directory.Exists(_path))
        {
            Directory.CreateDirectory(_path);
            FlushParents();
        }

        _names = new DirectorySync(_path);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> List() => [.. Directory.EnumerateFiles(_path).Select(file => Path.GetFileName(file)!)];

    /// <inheritdoc/>
    public IWalFile Create(string name) => new DiskFile(PathOf(name), FileMode.Create);

    /// <inheritdoc/>
    public IWalFile Open(string name) => new DiskFile(PathOf(name), FileMode.Open);

    /// <inheritdoc/>
    public void Delete(string name) => File.Delete(PathOf(name));

    /// <inheritdoc/>
    public void Flush() => _names.Flush();

    /// <inheritdoc/>
    public override string ToString() => _path;

    /// <summary>
    /// A new directory survives a loss of power only when its parent was fsynced too. The parent may be as new; what lies above it can
    /// be another's, and unreadable.
    /// </summary>
    private void FlushParents()
    {
        var parent = Path.GetDirectoryName(_path) ?? _path;
        DirectorySync.Flush(parent);
        try
        {
            DirectorySync.Flush(Path.GetDirectoryName(parent) ?? parent);
        }
        catch (IOException)
        {
            // Then it was not made just now either.
        }
    }

    private string PathOf(string name) => Path.Combine(_path, name);
}
