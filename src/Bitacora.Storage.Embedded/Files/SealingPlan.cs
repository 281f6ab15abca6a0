using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bitacora.Storage.Embedded.Files;

/// <summary>
/// <c>sealing.json</c>, written before the first transaction of a seal. A seal writes several files, one transaction each, and
/// which file a late record belongs to depends on the clock: a replay must route by the clock of the seal that was cut short,
/// or a record could be in two files.
/// </summary>
/// <param name="After">Everything through this sequence was sealed in every file before this seal began.</param>
/// <param name="Through">The last sequence that this seal holds.</param>
/// <param name="AsOf">The time by which the seal tells late records, in ticks since 1970 (UTC).</param>
/// <param name="Files">Names of the files that the seal writes.</param>
internal sealed record SealingPlan(ulong After, ulong Through, long AsOf, IReadOnlyList<string> Files)
{
    private const string FileName = "sealing.json";

    /// <summary>What a directory without a seal has.</summary>
    public static SealingPlan None { get; } = new(0, 0, 0, []);

    /// <summary>The plan of a directory; none where it is missing or cannot be read.</summary>
    public static SealingPlan Read(string directory)
    {
        try
        {
            var bytes = File.ReadAllBytes(Path.Combine(directory, FileName));
            var plan = JsonSerializer.Deserialize(bytes, SealingPlanJson.Default.SealingPlan) ?? None;

            // An older plan names no files.
            return plan.Files is null ? plan with { Files = [] } : plan;
        }
        catch (Exception error) when (error is FileNotFoundException or JsonException)
        {
            return None;
        }
    }

    /// <summary>
    /// This plan, or the finished one if the seal reached all of its files before the process ended. Where the plan was lost, or is that
    /// of an earlier seal, what the files themselves say: entries through the last that any of them has may be in some of them, judged by
    /// the clock of that seal.
    /// </summary>
    public SealingPlan AsFoundIn(FileCatalogue files)
    {
        var last = files.Files.SelectMany(file => file.Segments).MaxBy(segment => segment.Through);
        if (last is not null && last.Through > Through)
        {
            return new SealingPlan(After, last.Through, last.SealedAt, []);
        }

        return Files.Count > 0 && Files.All(name => files.SealedThrough(name) >= Through) ? Finish() : this;
    }

    /// <summary>The plan once every file is written.</summary>
    public SealingPlan Finish() => new(Through, Through, AsOf, []);

    public void Write(string directory) => DurableFile.Replace(
        Path.Combine(directory, FileName), JsonSerializer.SerializeToUtf8Bytes(this, SealingPlanJson.Default.SealingPlan));
}

[JsonSerializable(typeof(SealingPlan))]
internal sealed partial class SealingPlanJson : JsonSerializerContext;
