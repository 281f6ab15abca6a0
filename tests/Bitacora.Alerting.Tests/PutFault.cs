namespace Bitacora.Alerting.Tests;

internal enum PutFault
{
    None,
    Before,
    After,
}
