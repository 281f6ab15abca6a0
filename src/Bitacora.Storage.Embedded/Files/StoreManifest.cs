using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bitacora.Storage.Embedded.Files;

/// <summary>
/// <c>store.json</c>: which format, fold table and DuckDB wrote the directory. An older one is upgraded, a newer one refused, so
/// that going back to an earlier version never reads what it does not understand.
/// </summary>
internal sealed record StoreManifest(int Format, int Fold, string DuckDb)
{
    /// <summary>The format of files and tables that this version writes.</summary>
    public const int CurrentFormat = 1;

    private const string FileName = "store.json";

    /// <summary>Checks the directory's manifest against what runs, and writes it where it is missing or older.</summary>
    /// <exception cref="StoreVersionException">The directory is newer than what runs, or its manifest cannot be read.</exception>
    public static StoreManifest Open(string directory, StoreManifest running)
    {
        var path = Path.Combine(directory, FileName);
        if (File.Exists(path))
        {
            var stored = Read(path);
            stored.RefuseIfNewer(running, directory);
            if (stored == running)
            {
                return stored;
            }
        }

        DurableFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(running, StoreManifestJson.Default.StoreManifest));
        return running;
    }

    private static StoreManifest Read(string path)
    {
        try
        {
            var stored = JsonSerializer.Deserialize(File.ReadAllBytes(path), StoreManifestJson.Default.StoreManifest);
            return stored is { Format: > 0, Fold: > 0, DuckDb: not null }
                ? stored
                : throw new StoreVersionException($"{path} lacks format, fold or duckDb");
        }
        catch (JsonException error)
        {
            throw new StoreVersionException($"{path} is damaged: {error.Message}", error);
        }
    }

    private void RefuseIfNewer(StoreManifest running, string directory)
    {
        Refuse(Format > running.Format, "format", Format, running.Format);
        Refuse(Fold > running.Fold, "case folding table", Fold, running.Fold);
        Refuse(Comparable(DuckDb) > Comparable(running.DuckDb), "DuckDB", DuckDb, running.DuckDb);

        void Refuse(bool newer, string what, object stored, object known)
        {
            if (newer)
            {
                throw new StoreVersionException(
                    $"{directory} was written with {what} {stored}, this version knows {known}: use the newer version, or another --data");
            }
        }
    }

    private static Version Comparable(string version) =>
        Version.TryParse(version.TrimStart('v').Split('-')[0], out var parsed) ? parsed : new Version(0, 0);
}

[JsonSerializable(typeof(StoreManifest))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
internal sealed partial class StoreManifestJson : JsonSerializerContext;
