namespace Relay.Server.Datasets.Uploads;

/// <summary>What the rows of an upload are.</summary>
internal enum UploadKind
{
    Samples,
    Labels,
}
