namespace Bitacora.Cli.Answers;

/// <summary>Shows the rows or groups of an answer in one of the formats.</summary>
internal interface IAnswerWriter
{
    /// <summary>Takes a row as the server wrote it. May keep it until <see cref="End"/> where all rows are needed first.</summary>
    void Write(ReadOnlyMemory<byte> row);

    /// <summary>No more rows come.</summary>
    void End();
}
