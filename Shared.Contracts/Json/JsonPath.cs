namespace Shared.Contracts.Json;

/// <summary>Paths of values in a JSON text, such as <c>$.columns[3].name</c>.</summary>
internal static class JsonPath
{
    /// <summary>The path of the value around a value; the root's own path for the root.</summary>
    public static string Parent(string path)
    {
        int cut = Math.Max(path.LastIndexOf('.'), path.LastIndexOf('['));
        return cut <= 0 ? "$" : path[..cut];
    }
}
