namespace Bitacora.Storage.Embedded.Tests;

internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("bitacora-embedded-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
