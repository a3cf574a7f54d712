namespace Relay.Server.Http.Bodies;

/// <summary>Marks a route whose body is an upload of rows. One that a node signs is read into memory, any other goes to the disk first, so that
/// memory does not depend on what is sent.</summary>
/// <param name="NodeBytes">The most that a node may send at once.</param>
/// <param name="SourceOfNode">The name, among the sources of a dataset, of the node with an id.</param>
internal sealed record UploadBody(int NodeBytes, Func<string, string> SourceOfNode)
{
    /// <summary>The dataset that the path names, whether there is one or not.</summary>
    public static string FindDataset(HttpContext context) => $"{context.GetRouteValue("name")}";
}
