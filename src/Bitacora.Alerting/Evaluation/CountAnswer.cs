using Bitacora.Query;

namespace Bitacora.Alerting.Evaluation;

/// <summary>Counts, and whether they are whole; those of a partial answer are lower bounds.</summary>
internal sealed record CountAnswer(MinuteCounts Counts, Completeness Completeness);
