namespace Relay.Server.Http.Bodies;

/// <summary>Marks a route whose body is an upload of rows. One that a node signs is read into memory, any other goes to the disk first, so that
/// memory does not depend on what is sent.</summary>
/// <param name="NodeBytes">The most that a node may send at once.</param>
internal sealed record UploadBody(int NodeBytes)
{
    /// <summary>The part of the path that names the dataset.</summary>
    public const string DatasetValue = "name";
}
