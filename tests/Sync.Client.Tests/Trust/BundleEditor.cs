using System.Formats.Tar;
using System.Text;
using Shared.Contracts.Json;
using Shared.Contracts.Releases;

namespace Sync.Client.Tests.Trust;

/// <summary>Takes a bundle apart and puts it together again, altered, in the right form.</summary>
internal sealed class BundleEditor
{
    private readonly List<(string Name, byte[] Content)> _entries = [];

    public static BundleEditor Open(string path)
    {
        BundleEditor editor = new();
        using TarReader tar = new(File.OpenRead(path));
        while (tar.GetNextEntry() is { } entry)
        {
            using MemoryStream content = new();
            entry.DataStream?.CopyTo(content);
            editor._entries.Add((entry.Name, content.ToArray()));
        }

        return editor;
    }

    public IReadOnlyList<string> Names => [.. _entries.Select(e => e.Name)];

    public byte[] Content(string name) => _entries.Single(e => e.Name == name).Content;

    public void FlipByte(string name) => Content(name)[Content(name).Length / 2] ^= 1;

    public void Remove(string name) => _entries.RemoveAll(e => e.Name == name);

    public void Replace(string name, byte[] content)
    {
        Remove(name);
        Add(name, content);
    }

    public void Add(string name, byte[] content) => _entries.Add((name, content));

    public void Save(string path)
    {
        using FileStream file = File.Create(path);
        foreach ((string name, byte[] content) in _entries)
        {
            file.Write(Header(name, content.Length));
            file.Write(content);
            file.Write(new byte[(BundleFormat.BlockBytes - (content.Length % BundleFormat.BlockBytes)) % BundleFormat.BlockBytes]);
        }

        file.Write(new byte[2 * BundleFormat.BlockBytes]);
    }

    /// <summary>One header of ustar with the right checksum, whatever it says.</summary>
    public static byte[] Header(string name, long length, char type = '0')
    {
        byte[] header = new byte[BundleFormat.BlockBytes];
        int split = name.Length <= 100 ? -1 : name.LastIndexOf('/');
        Encoding.ASCII.GetBytes(name[(split + 1)..]).CopyTo(header, 0);
        Encoding.ASCII.GetBytes(split < 0 ? "" : name[..split]).CopyTo(header, 345);
        Encoding.ASCII.GetBytes(Convert.ToString(length, 8).PadLeft(11, '0')).CopyTo(header, 124);
        Encoding.ASCII.GetBytes("0000644\00000000\00000000\0").CopyTo(header, 100);
        Encoding.ASCII.GetBytes("00000000000\0").CopyTo(header, 136);
        header[156] = (byte)type;
        "ustar\000"u8.CopyTo(header.AsSpan(257));
        header.AsSpan(148, 8).Fill((byte)' ');
        Encoding.ASCII.GetBytes(Convert.ToString(header.Sum(b => b), 8).PadLeft(6, '0') + "\0 ").CopyTo(header, 148);
        return header;
    }
}
