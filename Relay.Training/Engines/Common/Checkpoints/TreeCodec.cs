using System.Runtime.InteropServices;
using Relay.Training.Trees;

namespace Relay.Training.Engines.Common.Checkpoints;

/// <summary>Trees as bytes.</summary>
internal static class TreeCodec
{
    public static void Write(BinaryWriter writer, Tree tree)
    {
        writer.Write(tree.Output);
        WriteArray<int>(writer, tree.Feature);
        WriteArray<float>(writer, tree.Threshold);
        WriteArray<int>(writer, tree.Left);
        WriteArray<int>(writer, tree.Right);
        WriteArray<bool>(writer, tree.MissingLeft);
        WriteArray<float>(writer, tree.LeafValues);
    }

    public static Tree Read(BinaryReader reader) => new()
    {
        Output = reader.ReadInt32(),
        Feature = ReadArray<int>(reader),
        Threshold = ReadArray<float>(reader),
        Left = ReadArray<int>(reader),
        Right = ReadArray<int>(reader),
        MissingLeft = ReadArray<bool>(reader),
        LeafValues = ReadArray<float>(reader),
    };

    public static void WriteArray<T>(BinaryWriter writer, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        writer.Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes(values));
    }

    public static T[] ReadArray<T>(BinaryReader reader)
        where T : unmanaged
    {
        T[] values = new T[reader.ReadInt32()];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
