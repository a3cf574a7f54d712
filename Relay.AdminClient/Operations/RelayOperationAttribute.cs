namespace Relay.AdminClient.Operations;

/// <summary>The operation of the OpenAPI document that a method calls. A test compares both.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RelayOperationAttribute(string method, string path) : Attribute
{
    public string Method { get; } = method;

    public string Path { get; } = path;
}
