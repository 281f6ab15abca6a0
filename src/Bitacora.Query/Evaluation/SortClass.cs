namespace Bitacora.Query.Evaluation;

/// <summary>What sorts before what.</summary>
internal enum SortClass : byte
{
    Number,
    Text,
    Missing,
}
