namespace Bitacora.Delivery;

/// <summary>
/// A directory of files as the write-ahead log and the dead letters need it: <see cref="WalDirectory"/> on a disk, or one that loses
/// and damages what tests tell it to.
/// </summary>
public interface IWalFiles
{
    /// <summary>The names of the files, in no order.</summary>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    IReadOnlyList<string> List();

    /// <summary>Makes a file, or empties the one of that name, for reading and writing.</summary>
    /// <exception cref="IOException">The disk is full or faulty.</exception>
    IWalFile Create(string name);

    /// <summary>Opens a file for reading and writing.</summary>
    /// <exception cref="IOException">The file is not there or cannot be opened.</exception>
    IWalFile Open(string name);

    /// <summary>Removes a file; nothing happens where there is none.</summary>
    /// <exception cref="IOException">The disk is faulty.</exception>
    void Delete(string name);

    /// <summary>Returns when files that were made and removed stay so after a loss of power (fsync of the directory).</summary>
    /// <exception cref="IOException">As with <see cref="IWalFile.Flush"/>.</exception>
    void Flush();
}
