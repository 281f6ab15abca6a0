namespace Bitacora.Server.Intake;

/// <summary>How records stand in a body.</summary>
internal enum BodyShape
{
    /// <summary>A record a line.</summary>
    Lines,

    /// <summary>The same, or a JSON array of records, or records over several lines.</summary>
    LinesOrDocument,

    /// <summary>One object with an array <c>Events</c>, as Seq's older clients send it.</summary>
    SeqEvents,
}
