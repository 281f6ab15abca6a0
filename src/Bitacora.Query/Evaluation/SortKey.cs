namespace Bitacora.Query.Evaluation;

/// <summary>A stored <see cref="SortValue"/>.</summary>
internal readonly record struct SortKey(SortClass Class, QueryNumber Number, byte[] Text);
