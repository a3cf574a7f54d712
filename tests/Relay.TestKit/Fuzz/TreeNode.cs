namespace Relay.TestKit.Fuzz;

/// <summary>One element of a format that nests tags, lengths and values: DER or Protobuf.</summary>
internal sealed class TreeNode(byte[] tag, bool hasLength, byte[] content, List<TreeNode>? children)
{
    public byte[] Tag { get; set; } = tag;

    public bool HasLength { get; } = hasLength;

    public byte[] Content { get; set; } = content;

    /// <summary>Null where the content is not made of elements.</summary>
    public List<TreeNode>? Children { get; set; } = children;

    /// <summary>Writes a length that is not the element's.</summary>
    public Func<int, byte[]>? Lie { get; set; }

    public TreeNode Copy() => new(Tag, HasLength, Content, Children?.ConvertAll(c => c.Copy())) { Lie = Lie };

    public byte[] Encode(Func<int, byte[]> encodeLength)
    {
        byte[] content = Children is null ? Content : EncodeAll(Children, encodeLength);
        return HasLength ? [.. Tag, .. (Lie ?? encodeLength)(content.Length), .. content] : [.. Tag, .. content];
    }

    public static byte[] EncodeAll(IEnumerable<TreeNode> nodes, Func<int, byte[]> encodeLength) =>
        [.. nodes.SelectMany(n => n.Encode(encodeLength))];
}
