namespace Relay.Server.Http.Files;

/// <summary>Marks routes of files that anyone may read where the operator opens them.</summary>
internal sealed class OpenFile
{
    public static readonly OpenFile Instance = new();
}
