using System.Buffers;
using Apache.Arrow.Memory;

namespace Relay.Training.Data.Columnar;

/// <summary>Allocates no buffer that is longer than the file: lengths in a file are a stranger's.</summary>
internal sealed class FileBoundedAllocator(long fileLength) : MemoryAllocator
{
    protected override IMemoryOwner<byte> AllocateInternal(int length, out int bytesAllocated)
    {
        if (length > fileLength)
        {
            throw new InvalidDataException($"a buffer of {length} bytes in a file of {fileLength}");
        }

        bytesAllocated = length;
        return Default.Value.Allocate(length);
    }
}
