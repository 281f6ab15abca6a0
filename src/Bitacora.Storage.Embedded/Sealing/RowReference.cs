using Bitacora.Records;

namespace Bitacora.Storage.Embedded.Sealing;

/// <summary>Where a record lies in the batches being sealed, and its key.</summary>
internal readonly record struct RowReference(RecordId Id, int Entry, int Index) : IComparable<RowReference>
{
    public int CompareTo(RowReference other) => Id.CompareTo(other.Id);
}
