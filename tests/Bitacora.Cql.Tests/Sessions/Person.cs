namespace Bitacora.Cql.Tests.Sessions;

/// <summary>A row of the fake cluster's table.</summary>
internal readonly record struct Person(int Id, string Name) : ICqlValues
{
    public void WriteTo(ref ValueWriter writer)
    {
        writer.WriteInt32(Id);
        writer.WriteText(Name);
    }
}
