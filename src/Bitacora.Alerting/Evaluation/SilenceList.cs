namespace Bitacora.Alerting.Evaluation;

/// <summary>The silences as they are stored.</summary>
internal sealed class SilenceList : IStateFormat
{
    public int Format { get; init; } = 1;

    public List<Silence> Silences { get; init; } = [];
}
