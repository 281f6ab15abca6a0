namespace Bitacora.Client.Reading;

/// <summary>Remembers the ids that came last, so that what comes again after a broken connection is shown once.</summary>
internal sealed class RecentIds(int capacity)
{
    private readonly Queue<string> _order = new(capacity);
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

    /// <summary>True when the id was not among them; it is now.</summary>
    public bool Add(string id)
    {
        if (!_ids.Add(id))
        {
            return false;
        }

        if (_order.Count == capacity)
        {
            _ids.Remove(_order.Dequeue());
        }

        _order.Enqueue(id);
        return true;
    }
}
