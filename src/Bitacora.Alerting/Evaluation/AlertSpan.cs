namespace Bitacora.Alerting.Evaluation;

/// <summary>Minutes, both included, at which an alert was known to hold: late records within say nothing new.</summary>
internal sealed class AlertSpan
{
    public required long First { get; set; }

    public required long Last { get; set; }

    public bool Touches(long first, long last) => first - 1 <= Last && last + 1 >= First;
}
