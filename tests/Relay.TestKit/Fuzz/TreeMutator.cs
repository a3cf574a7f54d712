namespace Relay.TestKit.Fuzz;

/// <summary>Changes of a tree of elements, with the lengths above them made right again; or one of them made to lie.</summary>
internal static class TreeMutator
{
    private const int DeepNesting = 400;

    /// <param name="lies">Ways to write a wrong length.</param>
    public static byte[] Apply(
        List<TreeNode> roots, Mutation mutation, Func<int, byte[]> encodeLength, IReadOnlyList<Func<int, byte[]>> lies, IReadOnlyList<byte[]> tags)
    {
        List<(List<TreeNode> Siblings, int Index)> places = [];
        Collect(roots, places);
        (List<TreeNode> siblings, int index) = places[mutation.At % places.Count];
        (List<TreeNode> others, int other) = places[mutation.With % places.Count];
        TreeNode node = siblings[index];
        switch (mutation.Kind % 9)
        {
            case 0:
                siblings.RemoveAt(index);
                break;
            case 1:
                siblings.Insert(index, node.Copy());
                break;
            case 2:
                siblings.Insert(index, others[other].Copy());
                break;
            case 3:
                (siblings[index], others[other]) = (others[other].Copy(), node.Copy());
                break;
            case 4:
                node.Tag = mutation.Pick(tags);
                break;
            case 5:
                Spoil(node, mutation);
                break;
            case 6:
                (node.Content, node.Children) = ([], null);
                break;
            case 7:
                siblings[index] = Nest(node, mutation.With % DeepNesting, encodeLength);
                break;
            default:
                node.Lie = mutation.Pick(lies);
                break;
        }

        return TreeNode.EncodeAll(roots, encodeLength);
    }

    private static void Collect(List<TreeNode> siblings, List<(List<TreeNode>, int)> places)
    {
        for (int i = 0; i < siblings.Count; i++)
        {
            places.Add((siblings, i));
            if (siblings[i].Children is { } children)
            {
                Collect(children, places);
            }
        }
    }

    // Bytes within a value; of an element that holds others, the first value in it.
    private static void Spoil(TreeNode node, Mutation mutation)
    {
        while (node.Children is [TreeNode first, ..])
        {
            node = first;
        }

        node.Content = ByteMutator.Apply(node.Content, mutation with { Kind = mutation.With / 8, At = mutation.With });
    }

    private static TreeNode Nest(TreeNode node, int times, Func<int, byte[]> encodeLength)
    {
        byte[] content = node.Encode(encodeLength);
        for (int i = 0; i < times && node.HasLength; i++)
        {
            content = [.. node.Tag, .. encodeLength(content.Length), .. content];
        }

        return new TreeNode([], hasLength: false, content, children: null);
    }
}
