namespace Bitacora.Alerting;

/// <summary>Something that alerting could not do.</summary>
/// <param name="Subject">What it is about: <c>rule NAME</c>, <c>channel NAME</c>, <c>late records</c>.</param>
/// <param name="Text">What happened, without secrets.</param>
public sealed record AlertProblem(string Subject, string Text);
