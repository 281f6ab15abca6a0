namespace Bitacora.Alerting.Evaluation;

/// <summary>A value of the state store that says how it is written: another format than its own is not read.</summary>
internal interface IStateFormat
{
    int Format { get; }
}
