namespace Bitacora.Alerting.Evaluation;

/// <summary>What all rules together remember of the minutes that were judged.</summary>
internal sealed class LateState : IStateFormat
{
    public int Format { get; init; } = 1;

    /// <summary>The first minute that was not looked at; 0 before the first look.</summary>
    public long Through { get; set; }

    /// <summary>The number of the newest mark.</summary>
    public long LastNumber { get; set; }

    /// <summary>The records that each minute had when last looked at; minutes without records are left out.</summary>
    public Dictionary<long, long> Counts { get; init; } = [];

    public List<LateMark> Marks { get; init; } = [];

    /// <summary>Marks a minute anew: one mark a minute is enough, and else they would grow with every look.</summary>
    public void Mark(long minute)
    {
        Marks.RemoveAll(mark => mark.Minute == minute);
        Marks.Add(new LateMark(++LastNumber, minute));
    }

    /// <summary>Begins anew, because the minutes that it knows have not come yet: the clock was ahead.</summary>
    public void Restart()
    {
        Through = 0;
        Counts.Clear();
        Marks.Clear();
    }
}
